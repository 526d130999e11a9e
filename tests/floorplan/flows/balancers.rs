//! The balancer: its listener, its zones, its name, its firewall for requests.

use super::case::{Case, Edit::*, Right::*, SERVED, SHOP_FLOW, all_right};
use super::watch::Slow::*;

const LISTENER: &str = r#"resource "aws_lb_listener" "front""#;
const FORWARDS: &str = "    type             = \"forward\"
    target_group_arn = aws_lb_target_group.web.arn
";
const LISTENS: &str = "port              = 80\n  protocol          = \"HTTP\"\n  default_action";

/// A listener on a further port, which forwards to the same targets.
const FURTHER: &str = r#"
resource "aws_lb_listener" "further" {
  load_balancer_arn = aws_lb.front.arn
  port              = 8081
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_vpc_security_group_ingress_rule" "further" {
  security_group_id = aws_security_group.front.id
  ip_protocol       = "tcp"
  from_port         = 8081
  to_port           = 8081
  cidr_ipv4         = "0.0.0.0/0"
}
"#;

const LISTENERS: [Case; 5] = [
    Case {
        what: "listener on another port",
        before: &[],
        change: &[Put(LISTENS, "port              = 8081\n  protocol          = \"HTTP\"\n  default_action")],
        slow: Adding,
        flow: SHOP_FLOW,
        right: Refused,
    },
    Case {
        what: "listener with a fixed response",
        before: &[],
        change: &[Put(
            FORWARDS,
            "    type = \"fixed-response\"
    fixed_response {
      content_type = \"text/plain\"
      status_code  = \"503\"
    }
",
        )],
        slow: Adding,
        flow: SHOP_FLOW,
        right: Refused,
    },
    Case {
        what: "listener deleted",
        before: &[],
        change: &[Take(LISTENER)],
        slow: Adding,
        flow: SHOP_FLOW,
        right: Said,
    },
    Case {
        what: "a further listener",
        before: &[],
        change: &[Add(FURTHER)],
        slow: Adding,
        flow: SHOP_FLOW,
        right: Ordered,
    },
    Case {
        what: "target group under another name",
        before: &[],
        change: &[Put("  name     = \"web\"\n  port     = 8080", "  name     = \"site\"\n  port     = 8080")],
        slow: Adding,
        flow: SERVED,
        right: Ordered,
    },
];

const BALANCER: [Case; 5] = [
    Case {
        what: "a zone with targets is lost",
        before: &[],
        change: &[Put(
            "subnets         = [for subnet in aws_subnet.public : subnet.id]",
            "subnets         = [aws_subnet.public[\"a\"].id, aws_subnet.public[\"b\"].id]",
        )],
        slow: Adding,
        flow: ["aws_lb.front", "targets", "eu-west-1c"],
        right: Refused,
    },
    Case {
        what: "balancer under another name",
        before: &[],
        change: &[Put("  name            = \"front\"", "  name            = \"face\"")],
        slow: Adding,
        flow: ["aws_lb.front", "DNS name", "front-"],
        right: Refused,
    },
    Case {
        what: "another group on the balancer",
        before: &[],
        change: &[
            Put(
                "security_groups = [aws_security_group.front.id]\n}\nresource \"aws_lb_target_group\"",
                "security_groups = [aws_security_group.strict.id]\n}\nresource \"aws_lb_target_group\"",
            ),
            Add(
                "\nresource \"aws_security_group\" \"strict\" {\n  name   = \"strict\"\n  vpc_id = aws_vpc.shop.id\n}\n",
            ),
        ],
        slow: Adding,
        flow: SHOP_FLOW,
        right: Refused,
    },
    Case {
        what: "a firewall for requests that blocks by default",
        before: &[],
        change: &[Put("    allow {}", "    block {}")],
        slow: Adding,
        flow: ["aws_wafv2_web_acl.front", "no rule", "allows"],
        right: Refused,
    },
    Case {
        what: "a target taken out",
        before: &[],
        change: &[Put(
            "resource \"aws_lb_target_group_attachment\" \"web\" {\n  for_each         = local.zones",
            "resource \"aws_lb_target_group_attachment\" \"web\" {\n  for_each         = { a = 0, b = 1 }",
        )],
        slow: Adding,
        flow: SERVED,
        right: Said,
    },
];

#[test]
fn a_listener_is_not_taken_from_its_customers() {
    all_right(&LISTENERS);
}

#[test]
fn a_balancer_does_not_lose_what_it_serves() {
    all_right(&BALANCER);
}
