"""What limits the application, how long a label takes and what it costs, for any load."""
