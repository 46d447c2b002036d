"""Answers questions of assistants over the published generation, with the Model Context Protocol: `shopper mcp`."""
