# One server and one database: whatever interrupts them does so in the agreed window only.
layout {
  name         = "single-server"
  availability = "single"

  maintenance {
    window   = "Sun 02:00-04:00"
    timezone = "Europe/London"
  }
}
