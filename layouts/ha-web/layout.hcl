layout {
  name         = "ha-web"
  availability = "high"
}
