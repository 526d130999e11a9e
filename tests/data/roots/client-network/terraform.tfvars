client = "acme"
