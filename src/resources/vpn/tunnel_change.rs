//! How the tunnels of a connection are changed: one at a time, the second only after the first is up
//! again if it was up before. Which tunnels have to come up again outlives this run, in a tag of the
//! connection, so that neither a kill nor a lost answer takes both tunnels down.

use super::connection::{AwsVpnConnection, Live};
use super::tunnel::{self, OPTIONS};
use crate::resources::prelude::*;
use crate::schema::equal::{Origin, differs};
use aws_sdk_ec2::types::{Tag, TelemetryStatus, VpnState};

/// The tag that holds the outside address of the tunnel that the layout calls the first one, where it
/// is not the one with the lower address.
pub const FIRST: &str = "floorplan:first-tunnel";
/// The tag that holds the outside addresses of tunnels that were up before a change of theirs: while
/// they are not up again, no other tunnel may be changed.
const AWAITED: &str = "floorplan:awaited-tunnel";
/// For how many seconds a tunnel that went down after the plan was made is waited for: as long as new keys take.
const BACK_WITHIN: u32 = 15;
/// What concerns both tunnels and is sent with each.
const STORAGE: &str = "preshared_key_storage";

/// The options of a tunnel that are not as they shall be.
type Open = Vec<&'static str>;

/// Brings the options of both tunnels about.
pub async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
    let asked: Open = OPTIONS.iter().flatten().filter(|name| change.take(name).is_some()).copied().collect();
    let storage = change.take(STORAGE).and_then(Value::as_str);
    if asked.is_empty() && storage.is_none() {
        return Ok(());
    }
    let spec = AwsVpnConnection::spec();
    let live = available(aws, id).await?;
    let now = spec.read(&live);
    let open = |wanted: usize, held: usize| open(&spec, &asked, change.after, &now, [wanted, held]);
    let crossed = (0..2).all(|n| open(n, 1 - n).is_empty());
    let mut open = [0, 1].map(|n| open(n, n));
    if crossed && open.iter().any(|o| !o.is_empty()) {
        write_down(aws, id, FIRST, &live.tunnels()[1].outside).await?;
        open = [Open::new(), Open::new()];
    }
    let mut order = [0, 1];
    // One that is down cannot be disturbed, and may come up by the change.
    order.sort_by_key(|n| is_up(&live, &live.tunnels()[*n].outside));
    for n in order {
        let outside = &live.tunnels()[n].outside;
        if !outside.is_empty() && (!open[n].is_empty() || storage.is_some()) {
            let spared = storage.is_none() && open[n].iter().all(|name| tunnel::spares_the_endpoint(name));
            undisturbed(aws, id, outside, change.before, spared).await?;
            let options = tunnel::changed_options(change.after, n, &open[n]);
            await_again(aws, id, &settle::now::<AwsVpnConnection>(aws, id).await?, &[outside]).await?;
            let call = aws.write.ec2.modify_vpn_tunnel_options().vpn_connection_id(id);
            call.vpn_tunnel_outside_ip_address(outside)
                .tunnel_options(options)
                .set_skip_tunnel_replacement(spared.then_some(true))
                .set_pre_shared_key_storage(storage.map(str::to_owned))
                .send()
                .await?;
        }
    }
    Ok(())
}

/// The options of tunnel `wanted` of the layout that tunnel `held` does not have. What AWS does not
/// show is what is `asked` for.
fn open<L>(spec: &Spec<L>, asked: &Open, after: &Attrs, now: &Attrs, [wanted, held]: [usize; 2]) -> Open {
    let null = Value::any_null();
    let row = |name: &str| spec.schema.attribute(name);
    let differs = |row: &Attribute, names: &tunnel::Names| match now.get(names[held]) {
        Some(now) => {
            let value = after.get(names[wanted]).unwrap_or(&null);
            let given = !row.is_computed() || !value.is_null();
            given && differs(row, value, now, Origin::Kept)
        }
        None => asked.contains(&names[wanted]),
    };
    let names = OPTIONS.iter().filter(|names| row(names[wanted]).is_some_and(|row| differs(row, names)));
    names.map(|names| names[wanted]).collect()
}

/// Waits until the connection is available and the tunnel at `outside` may be changed: until the other one is up
/// again, if it is awaited; and, where this one is up and the change does not spare it, if the plan counted on the other.
async fn undisturbed(aws: &Aws, id: &str, outside: &str, planned: &Attrs, spared: bool) -> Result<()> {
    let live = available(aws, id).await?;
    let awaited: Vec<&str> = tag(&live, AWAITED).unwrap_or_default().split(' ').collect();
    let Some(other) = outsides(&live).find(|o| *o != outside) else { return Ok(()) };
    let up = || async { Ok(is_up(&settle::now::<AwsVpnConnection>(aws, id).await?, other)) };
    let what = format!("the tunnel at {other} to be up again, as the other one must not be changed before");
    if is_up(&live, other) {
        return Ok(());
    }
    if awaited.contains(&other) {
        return settle::until(&what, up).await;
    }
    let counted_on = !spared && (was_up(planned, other) || !was_up(planned, outside));
    if !counted_on || !is_up(&live, outside) || settle::within(BACK_WITHIN, &what, up).await? {
        return Ok(());
    }
    let message = format!(
        "the tunnel at {other} is down, which it was not when the plan was made, and the one at {outside} is the \
         only one that is up: it is not changed. Apply again once both are up"
    );
    Err(Error::new(Kind::Refused, message))
}

/// The outside addresses of its tunnels.
fn outsides(live: &Live) -> impl Iterator<Item = &str> {
    live.tunnels().into_iter().map(|t| t.outside.as_str()).filter(|outside| !outside.is_empty())
}

/// Whether the tunnel at an address was up when its connection looked like this.
pub fn was_up(connection: &Attrs, outside: &str) -> bool {
    let says = |t: &Attrs| t.str("outside_ip_address") == Some(outside) && t.str("status") == Some("UP");
    connection.blocks("vgw_telemetry").iter().any(says)
}

/// The connection ready for a change that takes both tunnels down: those that are up are awaited.
pub async fn before_both_go_down(aws: &Aws, id: &str) -> Result<()> {
    let live = available(aws, id).await?;
    await_again(aws, id, &live, &outsides(&live).collect::<Vec<_>>()).await
}

/// Writes down which of the tunnels at these addresses are up now.
async fn await_again(aws: &Aws, id: &str, live: &Live, outside: &[&str]) -> Result<()> {
    let up: Vec<&str> = outside.iter().copied().filter(|outside| is_up(live, outside)).collect();
    let up = up.join(" ");
    if up.is_empty() || tag(live, AWAITED) == Some(up.as_str()) {
        return Ok(());
    }
    write_down(aws, id, AWAITED, &up).await
}

/// The connection once no change of it is under way.
async fn available(aws: &Aws, id: &str) -> Result<Live> {
    let available = |now: Option<&Live>| now.is_none_or(|live| live.connection.state() == Some(&VpnState::Available));
    let what = "the VPN connection to be available";
    let live = settle::seen::<AwsVpnConnection>(aws, id, what, available).await?;
    live.ok_or_else(|| Error::not_found(format!("the VPN connection {id} is gone")))
}

/// Whether the tunnel at an address is up, as AWS sees it.
fn is_up(live: &Live, outside: &str) -> bool {
    let mut telemetry = live.connection.vgw_telemetry().iter();
    telemetry.any(|t| t.outside_ip_address() == Some(outside) && t.status() == Some(&TelemetryStatus::Up))
}

/// The value of one of the connection's tags.
fn tag<'a>(live: &'a Live, key: &str) -> Option<&'a str> {
    live.connection.tags().iter().find(|t| t.key() == Some(key)).and_then(Tag::value)
}

async fn write_down(aws: &Aws, id: &str, key: &str, value: &str) -> Result<()> {
    let tag = Tag::builder().key(key).value(value).build();
    aws.write.ec2.create_tags().resources(id).tags(tag).send().await?;
    Ok(())
}
