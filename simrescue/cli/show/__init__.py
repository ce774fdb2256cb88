"""What commands print: tables, sentences, lists, progress and data as JSON."""
