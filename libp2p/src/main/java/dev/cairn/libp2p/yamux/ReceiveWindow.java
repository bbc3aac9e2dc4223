package dev.cairn.libp2p.yamux;

import dev.cairn.libp2p.upgrade.UpgradeParams;

/// How much the peer may still send on one stream, and how fast that is given back.
///
/// Credit is due when the owner of the stream has *read* half a window, so a slow reader holds its
/// peer back. When half a window is read within [Growth#ROUND_TRIPS] round trips, the window is
/// what limits the speed, and it doubles. Under the connection's lock.
final class ReceiveWindow {

  private final Growth growth;
  private int target = UpgradeParams.WINDOW_BYTES_FIRST;
  private int remaining = UpgradeParams.WINDOW_BYTES_FIRST;
  private int owed;
  private boolean started;
  private long sinceNanos;

  ReceiveWindow(Growth growth) {
    this.growth = growth;
  }

  /// Takes data that arrives out of the window; false when there is more of it than fits.
  boolean admit(long length, long nowNanos) {
    if (length > remaining) {
      return false;
    }
    if (!started) {
      started = true;
      sinceNanos = nowNanos;
    }
    remaining -= (int) length;
    return true;
  }

  /// Notes that the owner has read bytes; true when credit is due.
  boolean read(int count) {
    owed += count;
    return due();
  }

  boolean due() {
    return owed >= target / 2;
  }

  /// The credit to send now, in bytes.
  int takeCredit(long nowNanos) {
    if (!due()) {
      return 0;
    }
    int more = growth.grant(target, nowNanos - sinceNanos);
    int credit = owed + more;
    target += more;
    remaining += credit;
    owed = 0;
    sinceNanos = nowNanos;
    return credit;
  }

  /// Returns what the window had grown by; the stream is gone.
  void release() {
    growth.giveBack(target - UpgradeParams.WINDOW_BYTES_FIRST);
    target = UpgradeParams.WINDOW_BYTES_FIRST;
  }

  int target() {
    return target;
  }

  int remaining() {
    return remaining;
  }
}
