package dev.cairn.core.peer;

import dev.cairn.core.Hash;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.multiformats.MalformedException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Turns bytes from outside into a machine's inputs: decodes them and checks the signatures of
/// transactions, which is most of the work of a peer under load.
///
/// Any thread may call it, many at a time; it shares nothing with the machine but the memory of
/// good signatures.
public final class PeerIntake {

  private final VerifiedSignatures signatures;
  private final ChainSpec spec;
  private final Hash chainId;
  private final LongSupplier nextHeight;

  /// @param signatures the ledger's, which then need not verify again
  /// @param nextHeight the height that a new transaction is for: one above the head
  public PeerIntake(VerifiedSignatures signatures, ChainSpec spec, LongSupplier nextHeight) {
    this.signatures = signatures;
    this.spec = spec;
    this.chainId = spec.chainId();
    this.nextHeight = nextHeight;
  }

  /// A message of the topic `tx`.
  ///
  /// @throws MalformedException when the message is to be rejected: with the reason
  public PeerInput transactions(long token, String from, byte[] message) {
    List<Transaction> transactions = TransactionsMessage.decode(message);
    for (Transaction transaction : transactions) {
      if (transactions.size() > 1 && Accusations.is(transaction)) {
        throw new MalformedException("evidence that is not a message of its own");
      }
      if (!signed(transaction)) {
        throw new MalformedException("bad signature of " + transaction);
      }
    }
    return new PeerInput.GossipedTransactions(token, from, transactions);
  }

  /// A message of the topic `block`.
  ///
  /// @throws MalformedException when the message is to be rejected: with the reason
  public PeerInput block(long token, String from, byte[] message) {
    return new PeerInput.GossipedBlock(token, from, BlockMessage.decode(message));
  }

  /// Why a user's transaction cannot even be looked at; empty when it may be submitted.
  public Optional<SubmitResult.Refused> refusal(Transaction transaction) {
    return signed(transaction)
        ? Optional.empty()
        : Optional.of(
            new SubmitResult.Refused(
                SubmitResult.Code.BAD_SIGNATURE,
                "the signature is not the sender's, or is for another chain"));
  }

  private boolean signed(Transaction transaction) {
    int forkVersion = spec.forkVersion(nextHeight.getAsLong());
    return signatures.verify(transaction, new SigningDomain(chainId, forkVersion));
  }
}
