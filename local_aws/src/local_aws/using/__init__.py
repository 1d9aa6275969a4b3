"""What a user does with a deployed application: labels pictures, reads logs, sees what runs."""
