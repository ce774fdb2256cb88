"""What others work on with: runs as workbooks and maps, scenarios as workbooks that `simrescue import` reads back."""
