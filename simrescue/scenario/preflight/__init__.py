"""`simrescue check`: what fails on paper already, before anything is run."""
