"""Why late, by what was late: answers, relief, leaving, fires."""
