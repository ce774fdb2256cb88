"""What crews and aircraft do at a forest fire."""
