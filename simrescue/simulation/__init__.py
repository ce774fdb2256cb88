"""The simulation: SimPy processes of villages, responders, depots and command on one clock."""
