//! How fast a service is asked: as many calls at once as it is given, and farther apart after it has
//! said that they are too many.
//! It does not know what is asked.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep, sleep_until};

/// Times that one call is made before its failure counts.
const ATTEMPTS: u32 = 8;
/// First wait before a call is made again; it doubles from then on.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// Distance of two calls after the first time that there were too many; it grows by half from then on.
const FIRST_GAP: Duration = Duration::from_millis(10);
const LONGEST_GAP: Duration = Duration::from_millis(500);
/// A distance below this one is none.
const SHORTEST_GAP: Duration = Duration::from_millis(1);

/// The pace of one service in one account and region.
#[derive(Debug)]
pub(super) struct Pace {
    room: Semaphore,
    gap: Mutex<Gap>,
}

/// The distance between two calls.
#[derive(Debug)]
struct Gap {
    width: Duration,
    /// Before this, no call starts.
    next: Instant,
}

impl Pace {
    pub(super) fn new(at_once: usize) -> Self {
        Self {
            room: Semaphore::new(at_once),
            gap: Mutex::new(Gap {
                width: Duration::ZERO,
                next: Instant::now(),
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
        let mut gap = self.gap();
        if !gap.width.is_zero() {
            gap.width = gap.width * 9 / 10;
            if gap.width < SHORTEST_GAP {
                gap.width = Duration::ZERO;
            }
        }
    }

    /// There were too many calls: slower. As long as fewer than a fifth of them are, it evens out.
    pub(super) fn throttled(&self) {
        let mut gap = self.gap();
        gap.width = (gap.width * 3 / 2).clamp(FIRST_GAP, LONGEST_GAP);
    }

    fn gap(&self) -> std::sync::MutexGuard<'_, Gap> {
        self.gap
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Waits before attempt `attempt` (the first is 0) is made again. `false`: it was the last one.
pub(super) async fn wait_after(attempt: u32) -> bool {
    if attempt + 1 >= ATTEMPTS {
        return false;
    }
    let longest = FIRST_WAIT.saturating_mul(1 << attempt).min(LONGEST_WAIT);
    sleep(longest.mul_f64(0.5 + 0.5 * chance())).await;
    true
}

/// A number from 0 to 1, another each time: calls that failed together are not to be made together.
fn chance() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 40;
    f64::from(u32::try_from(bits).unwrap_or(0)) / f64::from(1_u32 << 24)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{LONGEST_GAP, Pace, chance};

    #[test]
    fn a_service_that_is_asked_too_much_is_asked_less_and_later_more_again() {
        let pace = Pace::new(1);
        for _ in 0..20 {
            pace.throttled();
        }
        assert_eq!(pace.gap().width, LONGEST_GAP);
        for _ in 0..200 {
            pace.answered();
        }
        assert_eq!(pace.gap().width, Duration::ZERO);
    }

    #[test]
    fn chance_stays_between_none_and_certain() {
        assert!((0..1000).all(|_| (0.0..=1.0).contains(&chance())));
    }
}
