//! A list of all event streams, as `terraform query` asks for it, whole objects included: what it
//! occupies must not grow with what it finds.

use std::path::Path;

use serde_json::json;
use terraform_provider_auth0::wire::tfplugin6::list_resource;

use crate::configuration::TYPE_NAME;
use crate::support::budgets::{LIST_REQUESTS, RSS_OF_LIST, RSS_OF_LONG_LIST, megabytes};
use crate::support::configured::Configured;
use crate::support::dynamic_value::to_wire;
use crate::support::terraform::Acceptance;
use crate::table::Table;

pub async fn measure(provider: &Path, table: &mut Table) {
    for (count, budget) in
        [(100, &RSS_OF_LIST), (1_000, &LIST_REQUESTS), (10_000, &RSS_OF_LONG_LIST)]
    {
        let acc = Acceptance::of(provider, Default::default());
        for index in 0..count {
            let body = json!({
                "name": format!("stream-{index}"),
                "subscriptions": [{"event_type": "user.created"}],
                "destination": {"type": "eventbridge", "configuration": {
                    "aws_account_id": "123456789012", "aws_region": "eu-west-1",
                }},
            });
            acc.auth0.create_event_stream(&body).unwrap();
        }
        let provider = Configured::connect(acc.launch().start()).await;
        let mut client = provider.client.clone();
        let filters = json!({
            "destination_type": null, "name_pattern": null, "status": null, "subscribed_to": null,
        });
        let request = list_resource::Request {
            type_name: TYPE_NAME.to_owned(),
            config: Some(to_wire(&filters)),
            include_resource_object: true,
            limit: count,
        };
        let mut events = client.list_resource(request).await.unwrap().into_inner();
        let mut found = 0;
        while let Some(event) = events.message().await.unwrap() {
            assert_eq!(event.diagnostic, []);
            found += 1;
        }
        assert_eq!(found, count);
        if count == 1_000 {
            table.row(budget, acc.auth0.count("", "/") as f64);
        } else if let Some(memory) = provider.memory() {
            table.row(budget, megabytes(memory.peak));
        }
        provider.shutdown().await;
    }
}
