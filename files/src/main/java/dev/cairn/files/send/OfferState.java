package dev.cairn.files.send;

import dev.cairn.multiformats.MalformedException;

/// How far an offer has come. The codes are those of spec/share.md.
public enum OfferState {
  /// A person at the receiver has to decide.
  WAITING(0, false),
  /// The receiver wants it and is fetching it, or will when it can.
  ACCEPTED(1, false),
  REFUSED(2, true),
  /// All of it is in the receiver's inbox.
  FINISHED(3, true),
  /// The receiver gave up.
  FAILED(4, true),
  /// The sender has taken it back, or knows nothing of it.
  WITHDRAWN(5, true);

  private final int code;
  private final boolean last;

  OfferState(int code, boolean last) {
    this.code = code;
    this.last = last;
  }

  int code() {
    return code;
  }

  /// Whether nothing more happens to the offer.
  public boolean last() {
    return last;
  }

  static OfferState of(long code) {
    for (OfferState state : values()) {
      if (state.code == code) {
        return state;
      }
    }
    throw new MalformedException("an offer's state is 0 to 5, not " + code);
  }
}
