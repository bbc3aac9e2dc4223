package dev.cairn.core.ledger;

import dev.cairn.core.Address;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// What a block is to be made of.
///
/// @param parent a block whose state the ledger has
/// @param time milliseconds, above the parent's
/// @param consensus the engine's tuple, one encoded array
/// @param feeReceiver who is paid the fees
/// @param candidates transactions in the order to try them
public record Draft(
    Cid parent, long time, Bytes consensus, Address feeReceiver, List<Transaction> candidates) {}
