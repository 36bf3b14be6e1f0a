"""What both HTTP doors have in common: request ids, problems, access tokens, health. It knows no product rules."""
