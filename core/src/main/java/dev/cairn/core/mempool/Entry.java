package dev.cairn.core.mempool;

import dev.cairn.core.Address;
import dev.cairn.core.transaction.Transaction;
import java.util.Comparator;

/// A transaction in the mempool.
///
/// @param order of arrival: of two that pay alike the earlier goes first
record Entry(Transaction transaction, long order) {

  /// The best paid byte first. Fees are under 2^63 and sizes under 2^15, so that the products need
  /// more than a long.
  static final Comparator<Entry> BEST_FIRST =
      (a, b) -> {
        int byRate =
            compareProducts(
                b.transaction.fee(),
                a.transaction.size(),
                a.transaction.fee(),
                b.transaction.size());
        return byRate != 0 ? byRate : Long.compare(a.order, b.order);
      };

  private static int compareProducts(long a, long b, long c, long d) {
    int high = Long.compare(Math.multiplyHigh(a, b), Math.multiplyHigh(c, d));
    return high != 0 ? high : Long.compareUnsigned(a * b, c * d);
  }

  Address sender() {
    return transaction.sender();
  }

  long nonce() {
    return transaction.nonce();
  }

  long bytes() {
    return transaction.size() + (long) MempoolParams.OVERHEAD_BYTES;
  }

  /// The most that it takes from the sender; held at 2^63-1, which no balance covers.
  long cost() {
    long sum = transaction.fee() + transaction.payload().spends();
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
