//! Listeners that let nobody in who has not signed in, and lead to another target group.

use super::sampler::sampled;
use crate::certificate::issued;
use crate::rolling::small;
use crate::support::World;

const OIDC: &str = r#"  default_action {
    type = "authenticate-oidc"
    authenticate_oidc {
      authorization_endpoint = "https://id.example/auth"
      client_id              = "web"
      client_secret          = "correct-horse-battery"
      issuer                 = "https://id.example"
      token_endpoint         = "https://id.example/token"
      user_info_endpoint     = "https://id.example/me"
    }
  }
"#;
const COGNITO: &str = r#"  default_action {
    type = "authenticate-cognito"
    authenticate_cognito {
      user_pool_arn       = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abcdefghi"
      user_pool_client_id = "web"
      user_pool_domain    = "shop"
    }
  }
"#;

/// Three members behind a listener that asks who it is, and a rule that does so too.
fn layout(certificate: &str, asks: &str, group: &str) -> String {
    let edits = [
        (
            "  port              = 80\n  default_action {",
            format!(
                "  port              = 443\n  protocol          = \"HTTPS\"\n  certificate_arn   = \"{certificate}\"\n{asks}  default_action {{"
            ),
        ),
        ("name     = \"web\"\n  port     = 80", group.to_owned()),
    ];
    let rule = format!(
        r#"
resource "aws_lb_listener_rule" "shop" {{
  listener_arn = aws_lb_listener.web.arn
  priority     = 10
  condition {{
    path_pattern {{
      values = ["/shop/*"]
    }}
  }}
{}  action {{
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }}
}}
"#,
        asks.replace("default_action", "action")
    );
    edits.iter().fold(small(&rule, ""), |text, (from, to)| {
        assert!(text.contains(from), "{from} in {text}");
        text.replacen(from, to, 1)
    })
}

#[test]
fn a_listener_that_authenticates_hands_over_like_any_other() {
    let world = World::start();
    let certificate = issued(&world);
    let run = |command: &[&str]| world.floorplan(&[&[command[0], "web", "--sandbox"], &command[1..]].concat());
    let mut port = 80;
    for (kind, asks) in [("oidc", OIDC), ("cognito", COGNITO)] {
        let group = |port: u32| format!("name     = \"web-{port}\"\n  port     = {port}");
        world.write("web/main.tf", &layout(&certificate, asks, &group(port)));
        world.delay("target_initial", 0.0);
        run(&["apply", "--auto-approve"]).succeeds();
        world.delay("target_initial", 0.6);
        port += 1;
        world.write("web/main.tf", &layout(&certificate, asks, &group(port)));
        world.forget_calls();
        let (seen, applied) = sampled(&world, || run(&["apply", "--auto-approve"]));
        let applied = applied.succeeds();
        assert!(applied.stdout.contains("web: 3 of 3 in service throughout"), "{kind}: {}", applied.stdout);
        assert!(seen.len() > 3 && seen.iter().all(|m| m.serving >= 3), "{kind}: {seen:?}");
        let again = run(&["plan", "--detailed-exitcode"]).exits(0);
        assert!(!again.stdout.contains("Changed outside"), "{kind}: {}", again.stdout);
        // The secret is the layout's, or stays as AWS has it.
        for call in world.calls().iter().filter(|c| ["ModifyListener", "ModifyRule"].contains(&c.action.as_str())) {
            let sent = call.parameters.to_string();
            assert!(!sent.contains("digest:"), "{kind}: {sent}");
            let kept = sent.contains("UseExistingClientSecret") || sent.contains("correct-horse-battery");
            assert!(kept || kind == "cognito", "{kind}: {sent}");
        }
    }
}
