//! The layouts to start from, through the whole tool: apply, again, tampering, destroy.

use super::support::World;

fn layout(name: &str) -> String {
    format!("{}/layouts/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn lives_and_dies(name: &str, cidr: &str) {
    let world = World::start();
    let (layout, state) = (layout(name), world.path().join("kept").to_string_lossy().into_owned());
    let run = |command: &str, more: &[&str]| {
        let arguments = [&[command, &layout, "--sandbox", "--state", &state], more].concat();
        world.floorplan(&arguments)
    };
    run("apply", &["--auto-approve"]).succeeds();
    world.forget_calls();
    run("plan", &["--detailed-exitcode"]).exits(0);
    run("apply", &["--auto-approve"]).succeeds();
    assert_eq!(world.writes(), Vec::<String>::new());

    let vpcs = world.ids("DescribeVpcs", "vpcId", &[("cidr-block", cidr)]);
    assert_eq!(vpcs.len(), 1);
    world.ec2("DeleteTags", &[("ResourceId.1", &vpcs[0]), ("Tag.1.Key", "Name")]);
    run("plan", &["--detailed-exitcode"]).exits(2);

    run("destroy", &["--auto-approve"]).succeeds();
    assert_eq!(world.ids("DescribeVpcs", "vpcId", &[("cidr-block", cidr)]), Vec::<String>::new());
}

#[test]
fn the_quickstart_is_applied_once_watched_and_destroyed_without_a_trace() {
    lives_and_dies("quickstart", "10.20.0.0/16");
}

#[test]
fn the_three_tiers_are_applied_once_watched_and_destroyed_without_a_trace() {
    lives_and_dies("three-tier", "10.30.0.0/16");
}
