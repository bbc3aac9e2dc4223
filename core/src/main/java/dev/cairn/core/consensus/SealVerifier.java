package dev.cairn.core.consensus;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Header;
import org.apache.tuweni.bytes.Bytes;

/// Decides from a header and a certificate alone whether the block is final: for sync, for light
/// clients, for anyone who runs no engine. Pure; safe for use by several threads.
public interface SealVerifier {

  /// Accept: the certificate makes this block final. Reject: it is forged, damaged or another
  /// block's. Ignore: it cannot be told, because the validators of that height are not known here.
  Verdict verify(Header header, Bytes certificate);

  /// Who is paid the fees of a block, by its header.
  ///
  /// @throws dev.cairn.multiformats.MalformedException when the header's tuple is not this engine's
  Address feeReceiver(Header header);
}
