layout {
  name         = "three-tier"
  availability = "high"
}
