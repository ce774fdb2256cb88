"""Fire behaviour: fuel models and the rate of spread."""
