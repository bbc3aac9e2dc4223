package dev.cairn.core.vectors;

import static dev.cairn.core.vectors.VectorFile.hex;
import static dev.cairn.core.vectors.VectorFile.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.TestChain;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.crypto.Ed25519;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Base32;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import jakarta.json.JsonObject;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class IdentityVectorTest {

  private static final VectorFile FILE = new VectorFile("identities.json");
  private static final BigInteger GROUP_ORDER =
      BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

  @Test
  void the_file_is_what_the_program_makes() {
    FILE.check(
        object(
            "accounts", accounts(),
            "invalidAddresses", invalidAddresses(),
            "cids", cids(),
            "chains", chains(),
            "signatures", signatures(),
            "ed25519", ed25519()));
  }

  @Test
  void the_vectors_hold() {
    for (JsonObject vector : FILE.list("accounts")) {
      byte[] key = Ed25519Key.fromSeed(VectorFile.bytes(vector, "seed")).publicKey();
      assertEquals(vector.getString("publicKey"), hex(key));
      assertEquals(Address.of(key), Address.parse(vector.getString("address")));
    }
    for (JsonObject vector : FILE.list("invalidAddresses")) {
      String text = vector.getString("address");
      assertThrows(MalformedException.class, () -> Address.parse(text), vector.getString("why"));
    }
    int good = 0;
    for (JsonObject vector : FILE.list("ed25519")) {
      boolean verifies =
          Ed25519.verify(
              VectorFile.bytes(vector, "publicKey"),
              VectorFile.bytes(vector, "message"),
              VectorFile.bytes(vector, "signature"));
      assertEquals(vector.getBoolean("valid"), verifies, vector.getString("why"));
      good += verifies ? 1 : 0;
    }
    assertTrue(good >= 2);
  }

  private static List<Object> accounts() {
    List<Object> vectors = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      Ed25519Key key = TestChain.key(i);
      Address address = Address.of(key.publicKey());
      vectors.add(
          object(
              "seed", hex(key.seed()),
              "publicKey", hex(key.publicKey()),
              "address", address.toString()));
    }
    return vectors;
  }

  private static List<Object> invalidAddresses() {
    String good = Address.of(TestChain.key(1).publicKey()).toString();
    char last = good.charAt(good.length() - 1);
    String flipped = good.substring(0, good.length() - 1) + (last == 'q' ? 'p' : 'q');
    String mixed = good.substring(0, 8) + good.substring(8).toUpperCase(Locale.ROOT);
    return List.of(
        object("address", flipped, "why", "checksum"),
        object("address", good.substring(0, good.length() - 1), "why", "a character missing"),
        object("address", mixed, "why", "mixed case"),
        object("address", "cairn1", "why", "no data"),
        object("address", "bc1" + good.substring(6), "why", "another prefix"));
  }

  private static List<Object> cids() {
    List<Object> vectors = new ArrayList<>();
    for (String content : List.of("f6", "80", "8101")) {
      byte[] bytes = Bytes.fromHexString(content).toArray();
      Cid cid = Cid.hash(Cid.DAG_CBOR, bytes);
      vectors.add(
          object(
              "content", content,
              "digest", hex(cid.digest()),
              "cid", cid.toString(),
              "cidBytes", hex(cid.encode()),
              "link", hex(new CborWriter().link(cid).toBytes())));
    }
    return vectors;
  }

  private static List<Object> chains() {
    Hash id = Hash.sha256(new byte[] {1});
    String name = Base32.encode(id.bytes()).substring(0, 16);
    return List.of(object("chainId", id.toString(), "name", name));
  }

  private static List<Object> signatures() {
    List<Object> vectors = new ArrayList<>();
    Ed25519Key key = TestChain.key(1);
    Hash chain = Hash.sha256(new byte[] {1});
    byte[] signed = new CborWriter().array(2).uint(1).text("x").toBytes();
    for (int forkVersion : new int[] {0, 1, 258}) {
      for (String kind : List.of("tx", "block", "vote", "proposal")) {
        byte[] message = new SigningDomain(chain, forkVersion).message(kind, Slice.of(signed));
        vectors.add(
            object(
                "kind", kind,
                "chainId", chain.toString(),
                "forkVersion", forkVersion,
                "signed", hex(signed),
                "message", hex(message),
                "publicKey", hex(key.publicKey()),
                "signature", hex(key.sign(message))));
      }
    }
    return vectors;
  }

  /// A signature with S + L in place of S, which satisfies the equation as well.
  private static byte[] plusGroupOrder(byte[] signature) {
    BigInteger s = BigInteger.ZERO;
    for (int i = 63; i >= 32; i--) {
      s = s.shiftLeft(8).or(BigInteger.valueOf(signature[i] & 0xff));
    }
    s = s.add(GROUP_ORDER);
    byte[] changed = signature.clone();
    for (int i = 32; i < 64; i++) {
      changed[i] = s.byteValue();
      s = s.shiftRight(8);
    }
    return changed;
  }

  private static Map<String, Object> vector(
      byte[] key, byte[] message, byte[] signature, boolean valid, String why) {
    return object(
        "publicKey", hex(key),
        "message", hex(message),
        "signature", hex(signature),
        "valid", valid,
        "why", why);
  }

  private static List<Object> ed25519() {
    Ed25519Key signer = TestChain.key(1);
    byte[] key = signer.publicKey();
    byte[] message = {1, 2, 3};
    byte[] good = signer.sign(message);
    byte[] flippedR = good.clone();
    flippedR[0] ^= 1;
    byte[] flippedS = good.clone();
    flippedS[32] ^= 1;
    byte[] identity = Bytes.fromHexString("01" + "00".repeat(31)).toArray();
    byte[] identitySigned = Bytes.fromHexString("01" + "00".repeat(31) + "00".repeat(32)).toArray();
    // y = p + 1, the identity written another way.
    byte[] unreduced = Bytes.fromHexString("ee" + "ff".repeat(30) + "7f").toArray();
    byte[] smallR = good.clone();
    System.arraycopy(identity, 0, smallR, 0, 32);
    return List.of(
        vector(key, message, good, true, "good"),
        vector(key, new byte[0], signer.sign(new byte[0]), true, "an empty message"),
        vector(key, new byte[] {1, 2, 4}, good, false, "another message"),
        vector(key, message, flippedR, false, "a bit of R"),
        vector(key, message, flippedS, false, "a bit of S"),
        vector(key, message, plusGroupOrder(good), false, "S is not below L"),
        vector(identity, message, identitySigned, false, "A and R are of small order"),
        vector(unreduced, message, identitySigned, false, "A is not canonical"),
        vector(key, message, smallR, false, "R is of small order"));
  }
}
