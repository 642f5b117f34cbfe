"""Text messages and WhatsApp. Only the server enters."""
