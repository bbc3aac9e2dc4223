package dev.cairn.libp2p.gossipsub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.crypto.Sha256;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.libp2p.peer.RsaPublicKey;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageTest {

  private static final Identity AUTHOR = Identity.of(Ed25519Key.fromSeed(new byte[32]));

  private static final AuthorKeys KEYS = new AuthorKeys();

  private static Message decode(ProtobufWriter fields) {
    byte[] encoded = fields.toBytes();
    return Message.decode(encoded, 0, encoded.length);
  }

  private static byte[] encoded(Message message) {
    return Arrays.copyOfRange(
        message.source(), message.start(), message.start() + message.length());
  }

  @Test
  void an_unsigned_message_has_data_and_topic_only() {
    Message message = Message.unsigned("t", Peers.utf8("hello"));
    assertEquals("120568656c6c6f220174", Hex.encode(encoded(message)));
    assertEquals(Optional.empty(), message.fault(SignaturePolicy.STRICT_NO_SIGN));
    assertTrue(message.fault(SignaturePolicy.STRICT_SIGN).isPresent());
  }

  @Test
  void a_signed_message_fits_its_author() {
    Message message = Message.signed(AUTHOR, 7, "t", Peers.utf8("hello"));
    assertEquals(Optional.empty(), message.fault(SignaturePolicy.STRICT_SIGN));
    assertTrue(message.fault(SignaturePolicy.STRICT_NO_SIGN).isPresent());
    assertTrue(message.signatureFits(KEYS));
    assertEquals(Optional.of(AUTHOR.id()), message.author());
    assertEquals("0000000000000007", Hex.encode(message.sequenceNumber()));
    assertTrue(message.isAuthor(AUTHOR.id()));
    assertFalse(message.isAuthor(Peers.peer("x")));
  }

  @Test
  void any_bit_changed_in_a_signed_message_is_noticed() {
    byte[] good = encoded(Message.signed(AUTHOR, 7, "t", Peers.utf8("hello")));
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      boolean taken;
      try {
        Message message = Message.decode(bad, 0, bad.length);
        taken =
            message.topic().equals("t")
                && message.fault(SignaturePolicy.STRICT_SIGN).isEmpty()
                && message.signatureFits(KEYS);
      } catch (MalformedException e) {
        taken = false;
      }
      assertFalse(taken, "bit " + bit);
    }
  }

  private static ProtobufWriter signedFields(
      PeerId author, byte[] signature, Optional<byte[]> key) {
    ProtobufWriter fields =
        new ProtobufWriter()
            .bytes(1, author.bytes())
            .text(2, "hello")
            .bytes(3, new byte[8])
            .text(4, "t")
            .bytes(5, signature);
    key.ifPresent(k -> fields.bytes(6, k));
    return fields;
  }

  private static byte[] signedPart(PeerId author) {
    ProtobufWriter fields =
        new ProtobufWriter()
            .bytes(1, author.bytes())
            .text(2, "hello")
            .bytes(3, new byte[8])
            .text(4, "t");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Peers.utf8("libp2p-pubsub:"));
    out.writeBytes(fields.toBytes());
    return out.toByteArray();
  }

  // The cases of js-libp2p's tests of its signature policy.

  @Test
  void takes_a_message_of_an_rsa_author_with_its_key() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    PublicKey key = new RsaPublicKey(pair.getPublic().getEncoded());
    PeerId author = PeerId.of(key);
    Signature signer = Signature.getInstance("SHA256withRSA");
    signer.initSign(pair.getPrivate());
    signer.update(signedPart(author));
    byte[] signature = signer.sign();
    assertTrue(
        decode(signedFields(author, signature, Optional.of(key.encode()))).signatureFits(KEYS));
    // The id is only a hash of the key, so the key has to be there,
    assertFalse(decode(signedFields(author, signature, Optional.empty())).signatureFits(KEYS));
    // and it has to be that key, even where the signature is good for the other.
    byte[] forged = AUTHOR.key().sign(signedPart(author));
    assertFalse(
        decode(signedFields(author, forged, Optional.of(AUTHOR.publicKey().encode())))
            .signatureFits(KEYS));
  }

  @Test
  void takes_a_redundant_key_that_fits_and_no_other() {
    byte[] signature = AUTHOR.key().sign(signedPart(AUTHOR.id()));
    byte[] key = AUTHOR.publicKey().encode();
    assertTrue(decode(signedFields(AUTHOR.id(), signature, Optional.of(key))).signatureFits(KEYS));
    byte[] malformed = Peers.utf8("not a valid protobuf key");
    assertFalse(
        decode(signedFields(AUTHOR.id(), signature, Optional.of(malformed))).signatureFits(KEYS));
  }

  @Test
  void a_malformed_signature_or_author_is_a_refusal_and_not_an_exception() {
    assertFalse(
        decode(signedFields(AUTHOR.id(), Peers.utf8("too-short"), Optional.empty()))
            .signatureFits(KEYS));
    Message message =
        decode(
            new ProtobufWriter()
                .text(1, "nobody")
                .text(2, "hello")
                .bytes(3, new byte[8])
                .text(4, "t")
                .bytes(5, new byte[64]));
    assertFalse(message.signatureFits(KEYS));
    assertEquals(Optional.empty(), message.author());
  }

  @Test
  void each_field_of_a_signature_is_a_fault_without_signatures() {
    for (int field : new int[] {1, 3, 5, 6}) {
      ProtobufWriter fields = new ProtobufWriter();
      if (field < 2) {
        fields.bytes(field, new byte[0]);
      }
      fields.text(2, "hello");
      if (field == 3) {
        fields.bytes(field, new byte[0]);
      }
      fields.text(4, "t");
      if (field > 4) {
        fields.bytes(field, new byte[0]);
      }
      assertTrue(
          decode(fields).fault(SignaturePolicy.STRICT_NO_SIGN).isPresent(), "field " + field);
    }
  }

  @Test
  void a_sequence_number_has_eight_bytes() {
    for (int length : new int[] {0, 7, 9}) {
      Message message =
          decode(
              new ProtobufWriter()
                  .bytes(1, AUTHOR.id().bytes())
                  .bytes(3, new byte[length])
                  .text(4, "t")
                  .bytes(5, new byte[64]));
      assertTrue(message.fault(SignaturePolicy.STRICT_SIGN).isPresent(), length + " bytes");
    }
  }

  @Test
  void what_is_not_canonical_is_encoded_again_without_what_is_unknown() {
    Message disordered =
        decode(
            new ProtobufWriter()
                .text(4, "other")
                .text(9, "smuggled")
                .text(4, "t")
                .text(2, "hello"));
    assertEquals("120568656c6c6f220174", Hex.encode(encoded(disordered)));
    // A length that is not in its shortest form.
    byte[] padded = Hex.decode("12850068656c6c6f220174");
    assertEquals(
        "120568656c6c6f220174", Hex.encode(encoded(Message.decode(padded, 0, padded.length))));
  }

  @Test
  void absent_data_stays_absent_and_empty_data_empty() {
    assertEquals("220174", Hex.encode(encoded(decode(new ProtobufWriter().text(4, "t")))));
    Message empty = decode(new ProtobufWriter().text(2, "").text(4, "t"));
    assertEquals("1200220174", Hex.encode(encoded(empty)));
    assertEquals(0, empty.dataLength());
    assertArrayEquals(new byte[0], empty.data());
  }

  @Test
  void a_small_message_does_not_keep_a_large_frame() {
    byte[] small = encoded(Message.unsigned("t", Peers.utf8("hello")));
    byte[] frame = Arrays.copyOf(small, 1_000_000);
    Message message = Message.decode(frame, 0, small.length);
    assertEquals(small.length, message.compact().source().length);
    assertArrayEquals(Peers.utf8("hello"), message.compact().data());
    Message alone = Message.decode(small, 0, small.length);
    assertSame(alone, alone.compact());
  }

  @Test
  void a_field_of_another_wire_type_is_malformed() {
    ProtobufWriter fields = new ProtobufWriter().varint(2, 5).text(4, "t");
    assertThrows(MalformedException.class, () -> decode(fields));
  }

  @Test
  void content_ids_cover_topic_and_data_and_nothing_else() {
    Message message = Message.unsigned("t", Peers.utf8("hello"));
    byte[] hash = Sha256.digest(Peers.utf8("thello"));
    assertEquals(Hex.encode(Arrays.copyOf(hash, 20)), MessageIds.CONTENT.of(message).toString());
    assertEquals(
        MessageIds.CONTENT.of(message),
        MessageIds.CONTENT.of(Message.signed(AUTHOR, 1, "t", Peers.utf8("hello"))));
    assertNotEquals(
        MessageIds.CONTENT.of(message),
        MessageIds.CONTENT.of(Message.unsigned("u", Peers.utf8("hello"))));
  }

  @Test
  void author_ids_are_the_author_and_the_number_one_after_the_other() {
    Message message = Message.signed(AUTHOR, 258, "t", Peers.utf8("hello"));
    assertEquals(
        Hex.encode(AUTHOR.id().bytes()) + "0000000000000102",
        MessageIds.AUTHOR_AND_NUMBER.of(message).toString());
    Message long1 = decode(new ProtobufWriter().bytes(1, new byte[500]).text(4, "t"));
    assertEquals(MessageId.BYTES_MAX, MessageIds.AUTHOR_AND_NUMBER.of(long1).length());
  }

  @Test
  void the_keys_of_authors_are_remembered_up_to_a_bound() {
    AuthorKeys keys = new AuthorKeys();
    for (int i = 0; i < AuthorKeys.AUTHORS_MAX + 500; i++) {
      byte[] author = Peers.peer("author " + i).bytes();
      assertEquals(keys.inline(author), keys.inline(author));
    }
    assertEquals(AuthorKeys.AUTHORS_MAX, keys.size());
    assertThrows(MalformedException.class, () -> keys.inline(new byte[] {1, 2, 3}));
  }
}
