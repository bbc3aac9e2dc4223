package dev.cairn.core.transaction;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.crypto.Ed25519Key;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerifiedSignaturesTest {

  private static final SigningDomain DOMAIN = new SigningDomain(Hash.sha256(new byte[] {1}), 0);
  private static final SigningDomain OTHER = new SigningDomain(Hash.sha256(new byte[] {1}), 1);
  private static final Ed25519Key KEY = Ed25519Key.fromSeed(new byte[32]);

  private static Transaction signed(long nonce) {
    Transfer transfer = new Transfer(Address.of(new byte[Address.BYTES]), 1);
    return Transaction.sign(DOMAIN, KEY, nonce, 10, 20, transfer);
  }

  @Test
  void remembers_what_was_good_and_nothing_else() {
    VerifiedSignatures signatures = new VerifiedSignatures();
    Transaction transaction = signed(1);
    assertFalse(signatures.verify(transaction, OTHER));
    assertFalse(signatures.knows(transaction.id(), OTHER));
    assertTrue(signatures.verify(transaction, DOMAIN));
    assertTrue(signatures.knows(transaction.id(), DOMAIN));
    assertFalse(signatures.knows(transaction.id(), OTHER));
  }

  @Test
  void forgets_what_is_final_in_both_generations() {
    VerifiedSignatures signatures = new VerifiedSignatures(4);
    List<Transaction> transactions = new ArrayList<>();
    for (int nonce = 0; nonce < 3; nonce++) { // two fill the young generation, which becomes old
      transactions.add(signed(nonce));
      assertTrue(signatures.verify(transactions.getLast(), DOMAIN));
    }
    transactions.forEach(t -> assertTrue(signatures.knows(t.id(), DOMAIN)));
    signatures.forget(transactions.get(0).id());
    signatures.forget(transactions.get(2).id());
    assertFalse(signatures.knows(transactions.get(0).id(), DOMAIN));
    assertTrue(signatures.knows(transactions.get(1).id(), DOMAIN));
    assertFalse(signatures.knows(transactions.get(2).id(), DOMAIN));
  }

  @Test
  void holds_no_more_than_its_capacity() {
    VerifiedSignatures signatures = new VerifiedSignatures(4);
    List<Transaction> transactions = new ArrayList<>();
    for (int nonce = 0; nonce < 6; nonce++) {
      transactions.add(signed(nonce));
      assertTrue(signatures.verify(transactions.getLast(), DOMAIN));
    }
    long known = transactions.stream().filter(t -> signatures.knows(t.id(), DOMAIN)).count();
    assertTrue(known <= 4, known + " are known");
    assertFalse(signatures.knows(transactions.getFirst().id(), DOMAIN));
  }
}
