variable "domain" {
  description = "Name that clients find the service under"
  type        = string
  validation {
    condition     = can(regex("^[^.]+[.].+$", var.domain))
    error_message = "The domain must have two parts at least, such as www.example.com."
  }
}

variable "certificate_arn" {
  description = "ARN of an issued certificate for the domain; null: one is requested, and proved by records in the zone"
  type        = string
  default     = null
}

variable "zone_id" {
  description = "The public zone of Route 53 in which the domain is. Null with certificate_arn: the client's DNS is elsewhere. Null without: a zone is made for what stands behind the domain's first dot"
  type        = string
  default     = null
}

variable "target" {
  description = "What the domain leads to: DNS name and zone of a balancer"
  type        = object({ dns_name = string, zone_id = string })
}

variable "tags" {
  description = "Tags of everything"
  type        = map(string)
  default     = {}
}
