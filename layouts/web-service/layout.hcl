layout {
  name         = "web-service"
  availability = "high"
}
