"""The pre-flight of what is written in vain: settings, tables and files that no run reads."""
