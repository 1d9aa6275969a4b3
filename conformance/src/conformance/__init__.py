"""What goes to AWS and Bitbucket, held against what their makers publish."""
