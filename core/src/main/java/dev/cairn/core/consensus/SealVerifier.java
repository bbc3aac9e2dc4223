package dev.cairn.core.consensus;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Header;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Decides from a header and a certificate alone whether the block is final: for sync, for light
/// clients, for anyone who runs no engine. Safe for use by several threads; what it says depends on
/// the final chain at most, and never changes once it is not Ignore.
public interface SealVerifier {

  /// Accept: the certificate makes this block final. Reject: it is forged, damaged or another
  /// block's. Ignore: it cannot be told, because the validators of that height are not known here.
  Verdict verify(Header header, Bytes certificate);

  /// The highest height whose certificates can be verified once the block of this height is final.
  default long horizon(long finalHeight) {
    return Long.MAX_VALUE;
  }

  /// Why the header's tuple is not what the chain's state wants it to be; empty when it is. For a
  /// block whose certificate is good and whose parent is final.
  default Optional<String> tupleFault(Header header) {
    return Optional.empty();
  }

  /// Up to which height, of what a peer claims to be final, a range of blocks can be verified here.
  default long reach(long claimedHeight) {
    return claimedHeight;
  }

  /// How branches of headers are judged, where blocks are final by what is upon them; empty where
  /// certificates make them final.
  default Optional<BranchRules> branches() {
    return Optional.empty();
  }

  /// Who is paid the fees of a block, by its header.
  ///
  /// @throws dev.cairn.multiformats.MalformedException when the header's tuple is not this engine's
  Address feeReceiver(Header header);
}
