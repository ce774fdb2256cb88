"""What all charts share: style, words, headings, symbols, map frames."""
