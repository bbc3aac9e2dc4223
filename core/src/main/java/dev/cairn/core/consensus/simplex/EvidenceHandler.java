package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Verdict;
import dev.cairn.core.staking.Accusation;
import dev.cairn.core.staking.Offences;
import dev.cairn.core.staking.StakingParams;
import dev.cairn.core.state.StateView;
import dev.cairn.core.state.StateWriter;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.BlockContext;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.TransactionHandler;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Punishes validators that contradicted themselves (spec/transactions.md, "evidence").
public final class EvidenceHandler implements TransactionHandler {

  /// For the service loader.
  public EvidenceHandler() {}

  @Override
  public int tag() {
    return Accusation.TAG;
  }

  @Override
  public String name() {
    return "evidence";
  }

  /// A key is punished once, so no more of them are ever valid than there were validators.
  @Override
  public boolean free() {
    return true;
  }

  @Override
  public Payload decode(CborReader reader, int fields) {
    if (fields != 2) {
      throw new MalformedException("evidence with " + fields + " fields, not 2");
    }
    Bytes offender = Bytes.wrap(reader.bytesOf(ValidatorEntry.KEY_BYTES));
    Bytes evidence = Bytes.wrap(reader.item().copy());
    if (!Evidence.decode(evidence).contradicts()) {
      throw new MalformedException("evidence of two messages that do not exclude each other");
    }
    return new Accusation(offender, evidence);
  }

  @Override
  public Verdict apply(Transaction transaction, StateWriter state, BlockContext block) {
    Accusation accusation = (Accusation) transaction.payload();
    Evidence evidence = Evidence.decode(accusation.evidence());
    Bytes offender = accusation.offender();
    long epoch = evidence.epoch();
    if (Offences.punished(state, offender)) {
      return Verdict.reject("this validator's key was punished before");
    }
    if (Offences.set(state, epoch).isEmpty()) {
      return Verdict.reject("the evidence is of epoch " + epoch + ", which is too far from now");
    }
    Optional<String> forged = forged(transaction, state, block);
    if (forged.isPresent()) {
      return Verdict.reject(forged.get());
    }
    Offences.punish(state, offender, epoch, block);
    return Verdict.accept();
  }

  /// The set of an epoch and the accused's signatures are the same for every node that knows them;
  /// about an epoch whose set the state does not have, nothing is said.
  @Override
  public Optional<String> forged(Transaction transaction, StateView state, BlockContext block) {
    Accusation accusation = (Accusation) transaction.payload();
    Evidence evidence = Evidence.decode(accusation.evidence());
    long epoch = evidence.epoch();
    Optional<List<ValidatorEntry>> set = Offences.set(state, epoch);
    if (set.isEmpty()) {
      return Optional.empty();
    }
    Bytes offender = accusation.offender();
    int index = indexOf(set.get(), offender);
    if (index < 0) {
      return Optional.of("the accused was no validator of epoch " + epoch);
    }
    long start = epoch * StakingParams.of(state).orElseThrow().epochBlocks() + 1;
    SigningDomain domain = block.domains().apply(start);
    return evidence.signedBy(offender, index, domain, SignatureCheck.ED25519)
        ? Optional.empty()
        : Optional.of("the accused did not sign both messages");
  }

  private static int indexOf(List<ValidatorEntry> set, Bytes key) {
    for (int i = 0; i < set.size(); i++) {
      if (set.get(i).key().equals(key)) {
        return i;
      }
    }
    return -1;
  }
}
