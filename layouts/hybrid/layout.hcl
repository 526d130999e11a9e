layout {
  name         = "hybrid"
  availability = "high"
}
