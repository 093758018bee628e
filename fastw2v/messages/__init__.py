"""What users read: settings as the caller writes them, text that is safe to print, close words, addresses."""
