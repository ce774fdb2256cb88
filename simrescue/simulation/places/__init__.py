"""What happens at villages, shelters and depots: warning, evacuation, rescue, relief goods."""
