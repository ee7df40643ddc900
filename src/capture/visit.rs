//! The capture of one account in one region: the registry's line, then the line of every repository, in the
//! order in which AWS lists them.
//! It does not know where lines go.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::is_listed_in;
use super::failure::{Failure, FailureKind};
use super::output::SnapshotWriter;
use super::parameters::SsmParameters;
use super::region::Region;
use super::{
    CaptureError, CaptureSummary, Progress, SnapshotPart, listing, registry, repository, time,
};

/// Most repositories that one call about scanning takes.
const AT_ONCE: usize = 25;
/// Groups of repositories that are asked about while the first one is waited for.
const AHEAD: usize = 4;

impl Region {
    /// Captures everything that `output` does not hold yet.
    pub(super) async fn capture(
        mut self,
        output: &mut SnapshotWriter,
        progress: &mut dyn Progress,
        summary: &mut CaptureSummary,
    ) -> Result<(), CaptureError> {
        let place = self.place();
        let listed = match self.listed().await {
            Err(failure) if failure.kind != FailureKind::Denied => return Err(self.fatal(&failure)),
            listed => listed,
        };
        if !output.has_registry(&self.account, &self.name) {
            let line = self.registry(listed.as_ref().err()).await;
            let line = line.map_err(|failure| self.fatal(&failure))?;
            summary.note(&line);
            summary.registries += 1;
            output.write(&line)?;
        }
        let mut listed = match listed {
            Ok(listed) => listed,
            Err(failure) => {
                summary.unlisted.push((place, failure.to_string()));
                return Ok(());
            }
        };
        let (dropped, missing) = output.drop_others(&self.account, &self.name, &listed)?;
        summary.kept -= dropped;
        summary.gone += dropped;
        summary.forget(&missing);
        listed.retain(|item| !output.has_repository(&self.account, &self.name, item));
        if self.options.parts.contains(&SnapshotPart::Ssm) && !listed.is_empty() {
            let template = self.options.parameter_name.as_str();
            self.parameters = Some(SsmParameters::ask(&self.caller, template).await);
        }
        progress.begin(&place, listed.len());
        self.repositories(listed, output, progress, summary).await
    }

    /// The repositories that there are here.
    async fn listed(&self) -> Result<Vec<Value>, Failure> {
        let listed = listing::REPOSITORIES.all(&self.caller, json!({})).await?;
        let strange = |item: &&Value| !is_listed_in(item, &self.account, &self.name);
        match listed.iter().find(strange) {
            None => Ok(listed),
            Some(item) => Err(Failure::unexpected(format!(
                "one of the repositories is `{}`",
                item["repositoryArn"].as_str().unwrap_or_default()
            ))),
        }
    }

    async fn repositories(
        self,
        listed: Vec<Value>,
        output: &mut SnapshotWriter,
        progress: &mut dyn Progress,
        summary: &mut CaptureSummary,
    ) -> Result<(), CaptureError> {
        let region = Arc::new(self);
        let mut groups = listed.chunks(AT_ONCE);
        let mut waiting = VecDeque::new();
        loop {
            while waiting.len() < AHEAD
                && let Some(group) = groups.next()
            {
                let lines = repository::lines(Arc::clone(&region), group.to_vec());
                waiting.push_back((group.len(), tokio::spawn(lines)));
            }
            let Some((count, task)) = waiting.pop_front() else {
                return Ok(());
            };
            let lines = task
                .await
                .map_err(|error| Failure::unexpected(error.to_string()))
                .flatten()
                .map_err(|failure| region.fatal(&failure))?;
            let gone = lines.iter().filter(|line| line.get("vanished").is_some());
            let gone = gone.count();
            summary.gone += gone;
            summary.repositories += lines.len() - gone;
            for line in &lines {
                summary.note(line);
            }
            output.write_all(&lines)?;
            progress.advance(count);
        }
    }

    async fn registry(&self, unlisted: Option<&Failure>) -> Result<Value, Failure> {
        let (known, mut errors) = registry::describe(&self.caller, &self.options).await?;
        if let Some(failure) = unlisted {
            errors.insert("repositories".to_owned(), failure.to_string().into());
        }
        let mut line = self.head();
        line.insert("capturedAt".to_owned(), time::now().into());
        line.insert("included".to_owned(), self.options.included().into());
        line.insert("registry".to_owned(), Value::Object(known));
        repository::finish(&mut line, errors);
        Ok(Value::Object(line))
    }

    /// What to tell about a failure after which no call can work.
    fn fatal(&self, failure: &Failure) -> CaptureError {
        match failure.kind {
            FailureKind::Expired => CaptureError::Credentials(match failure.code.as_str() {
                "NoCredentials" => failure.message.clone(),
                code => super::credentials::expired(code),
            }),
            FailureKind::Credentials => CaptureError::Region {
                region: self.name.clone(),
                account: self.account.clone(),
                code: failure.code.clone(),
            },
            FailureKind::Unreachable | FailureKind::Slow => CaptureError::Unreachable {
                region: self.name.clone(),
                why: failure.message.clone(),
            },
            _ => CaptureError::Listing(self.place(), failure.to_string()),
        }
    }
}
