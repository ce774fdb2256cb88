"""Posts and partners: by whom news, orders and requests pass, and who sends crews when asked."""
