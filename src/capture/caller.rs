//! One call after another to the services of one account and region: signed, sent, made again where that
//! helps, and answered with the JSON that AWS sent, member for member.
//! It does not know what the answers mean.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SigningParams, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::credentials::Credentials;
use super::endpoint::{Endpoints, region_of_accounts};
use super::failure::{Failure, Kind};
use super::operation::{Operation, SERVICES, Service};
use super::pace::{Pace, wait_after};

/// Longest time from a request to the whole of its answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// Largest answer in bytes; the largest real ones, 1,000 repositories or images, stay below 2 MB.
const LARGEST_ANSWER: u64 = 64 << 20;
/// Most pages of one listing. Each holds at least one thing, and no quota of AWS is near.
const MOST_PAGES: usize = 200_000;

/// The members of an answer.
pub(super) type Answer = Map<String, Value>;

/// Asks the services of one account in one region.
#[derive(Debug)]
pub(super) struct Caller {
    connector: Arc<Connector>,
    credentials: Arc<Credentials>,
    endpoints: Endpoints,
    region: String,
    paces: Vec<(&'static str, Pace)>,
}

impl Caller {
    pub(super) fn new(
        connector: Arc<Connector>,
        credentials: Arc<Credentials>,
        endpoints: Endpoints,
        region: &str,
    ) -> Self {
        let paces = SERVICES.iter().map(|service| {
            let pace = Pace::new(service.at_once);
            (service.name, pace)
        });
        Self {
            connector,
            credentials,
            endpoints,
            region: region.to_owned(),
            paces: paces.collect(),
        }
    }

    /// Makes a call, and makes it again while that may help.
    pub(super) async fn ask(
        &self,
        operation: &Operation,
        input: &Value,
    ) -> Result<Answer, Failure> {
        let pace = self.pace(operation.service);
        let body = input.to_string();
        let mut attempt = 0;
        loop {
            let result = {
                let _turn = pace.start().await;
                self.once(operation, &body).await
            };
            let failure = match result {
                Ok(answer) => {
                    pace.answered();
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            if failure.kind == Kind::Throttled {
                pace.throttled();
            }
            if !failure.may_pass() || !wait_after(attempt).await {
                return Err(failure);
            }
            attempt += 1;
        }
    }

    /// Everything that a listing holds: the items of `member` of all its pages.
    ///
    /// `size` names the input that sets the size of a page, and the largest that the API takes.
    pub(super) async fn list(
        &self,
        operation: &Operation,
        mut input: Value,
        member: &str,
        size: (&str, u32),
    ) -> Result<Vec<Value>, Failure> {
        input[size.0] = size.1.into();
        let mut items = Vec::new();
        for _ in 0..MOST_PAGES {
            let mut answer = self.ask(operation, &input).await?;
            match answer.remove(member) {
                Some(Value::Array(page)) => items.extend(page),
                _ => return Err(Failure::unexpected(format!("no `{member}` in the answer"))),
            }
            let token = ["nextToken", "NextToken"]
                .into_iter()
                .find_map(|name| Some((name, answer.remove(name)?)))
                .filter(|(_, token)| token.as_str().is_some_and(|token| !token.is_empty()));
            let Some((name, token)) = token else {
                return Ok(items);
            };
            if input.get(name) == Some(&token) {
                let told = "the same page is announced again and again";
                return Err(Failure::unexpected(told));
            }
            input[name] = token;
        }
        Err(Failure::unexpected("the listing has no end"))
    }

    fn pace(&self, service: &Service) -> &Pace {
        let pace = self.paces.iter().find(|(name, _)| *name == service.name);
        &pace.expect("every service has a pace").1
    }

    async fn once(&self, operation: &Operation, body: &str) -> Result<Answer, Failure> {
        let url = self.endpoints.url(operation.service, &self.region);
        let request = self.request(operation, &url, body).await?;
        let answer = timeout(PATIENCE, self.connector.call(request)).await;
        let answer = answer.map_err(|_| no_answer(&url, "it takes too long"))?;
        let answer = answer.map_err(|error| no_answer(&url, &deepest(&error)))?;
        let status = answer.status();
        let error = answer.headers().get("x-amzn-errortype").map(str::to_owned);
        let length = answer.headers().get("content-length");
        if length.is_some_and(|length| {
            length
                .parse()
                .is_ok_and(|bytes: u64| bytes > LARGEST_ANSWER)
        }) {
            return Err(Failure::unexpected("an answer of more than 64 MB"));
        }
        let bytes = timeout(PATIENCE, ByteStream::new(answer.into_body()).collect()).await;
        let bytes = bytes.map_err(|_| no_answer(&url, "it takes too long"))?;
        let bytes = bytes.map_err(|error| no_answer(&url, &deepest(&error)))?;
        let bytes = bytes.into_bytes();
        if !status.is_success() {
            return Err(Failure::told(status.as_u16(), error.as_deref(), &bytes));
        }
        serde_json::from_slice(&bytes)
            .map_err(|error| Failure::unexpected(format!("not JSON: {error}")))
    }

    async fn request(
        &self,
        operation: &Operation,
        url: &str,
        body: &str,
    ) -> Result<HttpRequest, Failure> {
        let service = operation.service;
        let mut request = HttpRequest::new(SdkBody::from(body));
        let broken = |error: &dyn std::error::Error| {
            Failure::unreachable(format!("`{url}` cannot be asked: {}", deepest(error)))
        };
        request.set_method("POST").map_err(|error| broken(&error))?;
        let headers = request.headers_mut();
        match service.target {
            Some(target) => {
                headers.insert("content-type", "application/x-amz-json-1.1");
                headers.insert("x-amz-target", format!("{target}.{}", operation.name));
                request.set_uri(url).map_err(|error| broken(&error))?;
            }
            None => {
                headers.insert("content-type", "application/json");
                let path = format!("{url}{}", lower_first(operation.name));
                request.set_uri(path).map_err(|error| broken(&error))?;
            }
        }
        self.sign(&mut request, service, body).await?;
        let agent = concat!("ecrlint/", env!("CARGO_PKG_VERSION"));
        request.headers_mut().insert("user-agent", agent);
        Ok(request)
    }

    async fn sign(
        &self,
        request: &mut HttpRequest,
        service: &Service,
        body: &str,
    ) -> Result<(), Failure> {
        let identity = self.credentials.current().await?.into();
        let region = match service.target {
            Some(_) => self.region.as_str(),
            None => region_of_accounts(&self.region).unwrap_or(&self.region),
        };
        let params: SigningParams<'_> = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(service.name)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| Failure::unexpected(error.to_string()))?
            .into();
        let uri = request.uri().to_owned();
        let signed = SignableRequest::new(
            "POST",
            uri,
            request.headers().iter(),
            SignableBody::Bytes(body.as_bytes()),
        )
        .and_then(|signable| sign(signable, &params))
        .map_err(|error| Failure::unexpected(format!("cannot sign: {}", deepest(&error))))?;
        let (instructions, _) = signed.into_parts();
        for (name, value) in instructions.headers() {
            request
                .headers_mut()
                .insert(name.to_owned(), value.to_owned());
        }
        Ok(())
    }
}

fn no_answer(url: &str, why: &str) -> Failure {
    Failure::unreachable(format!("`{url}` does not answer: {why}"))
}

/// What stands at the bottom of an error, where the reason is.
fn deepest(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(cause) = error.source() {
        error = cause;
    }
    error.to_string()
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
