//! The configurations of the guides, as they stand.

use std::fs;
use std::path::Path;

use crate::support::terraform::Acceptance;

/// The blocks of HCL in a guide.
fn blocks(guide: &str) -> Vec<String> {
    let guide = format!("docs/guides/{guide}");
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(guide)).unwrap();
    let blocks = page.split("\n```terraform\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

/// The half of AWS is left out: its provider needs an account.
#[test]
fn the_half_of_auth0_in_the_guide_to_eventbridge_is_applied() {
    let acc = Acceptance::start();
    let ours: Vec<_> = blocks("eventbridge.md")
        .into_iter()
        .filter(|block| !block.contains("provider \"aws\"") && !block.contains("resource \"aws_"))
        .collect();
    assert_eq!(ours.len(), 3, "providers and locals, stream, test event");
    let of_aws = |line: &&str| !line.contains("hashicorp/aws") && !line.contains("[aws_");
    let hcl: Vec<_> = ours.iter().flat_map(|block| block.lines()).filter(of_aws).collect();
    let hcl = hcl.join("\n");
    assert!(hcl.contains("\"1m\""), "the test shall not wait so long");
    acc.write(&hcl.replace("\"1m\"", "\"1s\""));
    acc.plan().run.assert_code(&[2]);
    acc.apply_plan().ok();
    acc.assert_settled();
    assert_eq!(acc.output("seen"), "No failure seen within 1 s.");
    let stream = acc.auth0.event_stream_named("users").unwrap();
    assert!(stream.subscriptions.iter().any(|name| name == "user.created"));
    acc.destroy();
}

/// Every block can be parsed, and is formatted as core formats it.
#[test]
fn the_blocks_of_all_guides_are_well_formed() {
    let acc = Acceptance::start();
    let guides = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides")).unwrap();
    let mut count = 0;
    for guide in guides {
        let guide = guide.unwrap().file_name().into_string().unwrap();
        for (index, block) in blocks(&guide).iter().enumerate() {
            let file = format!("{}-{index}.tf", guide.trim_end_matches(".md"));
            fs::write(acc.folder().join(file), block).unwrap();
            count += 1;
        }
    }
    assert!(count > 10, "{count} blocks");
    acc.run(&["fmt", "-check", "-diff"]).ok();
}
