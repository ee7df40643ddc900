//! How fast a service is asked: as many calls at once as it is given, and farther apart after it has
//! said that they are too many.
//! It does not know what is asked.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep, sleep_until};

/// First wait before a call is made again; it doubles from then on.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// Distance of two calls after the first time that there were too many; it grows by half from then on,
/// and shrinks by a fifth with every call that is answered.
const FIRST_GAP: Duration = Duration::from_millis(10);
const LONGEST_GAP: Duration = Duration::from_millis(500);
/// Distances for which a new one holds before it grows again: calls that are under way when there are
/// too many are told so one by one, and all of them mean the same moment.
const ROUND: u32 = 4;
/// A distance below this one is none.
const SHORTEST_GAP: Duration = Duration::from_millis(1);

/// The pace of one service in one account and region.
#[derive(Debug)]
pub(super) struct Pace {
    room: Semaphore,
    gap: Mutex<CallInterval>,
}

/// The distance between two calls.
#[derive(Debug)]
struct CallInterval {
    width: Duration,
    /// Before this, no call starts.
    next: Instant,
    /// Before this, it does not grow again.
    settled: Instant,
}

impl Pace {
    pub(super) fn new(at_once: usize) -> Self {
        Self {
            room: Semaphore::new(at_once),
            gap: Mutex::new(CallInterval {
                width: Duration::ZERO,
                next: Instant::now(),
                settled: Instant::now(),
            }),
        }
    }

    /// Waits until a call may start. It holds its place until the permit is dropped.
    pub(super) async fn start(&self) -> SemaphorePermit<'_> {
        let permit = self.room.acquire().await;
        let permit = permit.expect("the semaphore is never closed");
        let turn = {
            let mut gap = self.gap();
            let turn = gap.next.max(Instant::now());
            gap.next = turn + gap.width;
            turn
        };
        sleep_until(turn).await;
        permit
    }

    /// A call has been answered: a little faster.
    pub(super) fn answered(&self) {
        self.gap().shrink();
    }

    /// There were too many calls: slower.
    pub(super) fn throttled(&self) {
        self.gap().grow(Instant::now());
    }

    fn gap(&self) -> std::sync::MutexGuard<'_, CallInterval> {
        self.gap
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl CallInterval {
    fn shrink(&mut self) {
        self.width = self.width * 4 / 5;
        if self.width < SHORTEST_GAP {
            self.width = Duration::ZERO;
        }
    }

    /// A service that refuses some calls whatever their distance is not asked ever more slowly: as
    /// long as fewer than half of them are, it evens out.
    fn grow(&mut self, now: Instant) {
        if now < self.settled {
            return;
        }
        self.width = (self.width * 3 / 2).clamp(FIRST_GAP, LONGEST_GAP);
        self.settled = now + self.width * ROUND;
    }
}

/// Waits before attempt `attempt` of a call; the first one, which waits for nothing, is 0.
pub(super) async fn wait_before(attempt: u32) {
    let doubled = attempt.saturating_sub(1).min(16);
    let longest = FIRST_WAIT.saturating_mul(1 << doubled).min(LONGEST_WAIT);
    sleep(longest.mul_f64(0.5 + 0.5 * chance())).await;
}

/// A number from 0 to 1, another each time: calls that failed together are not to be made together.
fn chance() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 40;
    f64::from(u32::try_from(bits).unwrap_or(0)) / f64::from(1_u32 << 24)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{CallInterval, FIRST_GAP, LONGEST_GAP, chance};

    /// The longest distance of `calls` calls one after the other, of which a service refuses some.
    fn longest(calls: usize, refuses: fn(usize) -> bool) -> (Duration, CallInterval) {
        let mut now = Instant::now();
        let mut gap = CallInterval {
            width: Duration::ZERO,
            next: now,
            settled: now,
        };
        let mut longest = Duration::ZERO;
        for call in 0..calls {
            now += gap.width.max(Duration::from_millis(1));
            if refuses(call) {
                gap.grow(now);
            } else {
                gap.shrink();
            }
            longest = longest.max(gap.width);
        }
        (longest, gap)
    }

    #[test]
    fn a_service_that_is_asked_too_much_is_asked_less_and_later_more_again() {
        let (widest, gap) = longest(500, |call| call < 400);
        assert_eq!((widest, gap.width), (LONGEST_GAP, Duration::ZERO));
    }

    #[test]
    fn a_service_that_refuses_every_third_call_is_not_asked_ever_more_slowly() {
        for refuses in [(|call| call % 3 == 0) as fn(usize) -> bool, |call| {
            call % 7 == 0
        }] {
            let (longest, _) = longest(1_000, refuses);
            assert!(longest <= FIRST_GAP * 3 / 2, "{longest:?}");
        }
    }

    #[test]
    fn chance_stays_between_none_and_certain() {
        assert!((0..1000).all(|_| (0.0..=1.0).contains(&chance())));
    }
}
