"""What would mend a plan: changes that can be bought, and the cheapest package of them."""
