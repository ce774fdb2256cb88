"""What carries messages: stations and power that fail and come back, channels of each place, and runners."""
