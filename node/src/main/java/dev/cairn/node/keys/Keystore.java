package dev.cairn.node.keys;

import dev.cairn.crypto.AesGcm;
import dev.cairn.crypto.CryptoException;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.crypto.Scrypt;
import dev.cairn.multiformats.Hex;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonGenerator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;

/// An encrypted Ed25519 key in a JSON file laid out as EIP-2335 does, with AES-256-GCM in place of
/// its AES-CTR and checksum: one step that both hides and authenticates, the public key included.
///
/// @param description what its owner calls it
/// @param publicKey 32 bytes, hex
public record Keystore(String description, String publicKey, String uuid, Sealed sealed) {

  /// The cost of a new file's scrypt: 32 MiB and about a tenth of a second.
  static final int SCRYPT_N = 1 << 15;

  private static final int SCRYPT_R = 8;
  private static final int SCRYPT_P = 1;
  private static final int SALT_BYTES = 32;
  private static final int KEY_BYTES = 32;
  private static final long FILE_BYTES_MAX = 16_384;
  private static final int DESCRIPTION_CHARS_MAX = 200;
  private static final String CIPHER = "aes-256-gcm";
  private static final JsonProvider JSON = JsonProvider.provider();

  /// The encrypted seed and what its key is derived from, hex.
  public record Sealed(int n, int r, int p, String salt, String iv, String message) {}

  /// Encrypts a key under a passphrase.
  public static Keystore seal(
      String description, Ed25519Key key, String passphrase, SecureRandom random) {
    if (description.length() > DESCRIPTION_CHARS_MAX) {
      throw new KeystoreException("a key's name has at most " + DESCRIPTION_CHARS_MAX + " letters");
    }
    byte[] salt = new byte[SALT_BYTES];
    byte[] iv = new byte[AesGcm.NONCE_BYTES];
    random.nextBytes(salt);
    random.nextBytes(iv);
    byte[] derived =
        Scrypt.derive(bytes(passphrase), salt, SCRYPT_N, SCRYPT_R, SCRYPT_P, KEY_BYTES);
    byte[] message = AesGcm.seal(derived, iv, key.publicKey(), key.seed());
    Arrays.fill(derived, (byte) 0);
    return new Keystore(
        description,
        Hex.encode(key.publicKey()),
        UUID.randomUUID().toString(),
        new Sealed(
            SCRYPT_N, SCRYPT_R, SCRYPT_P, Hex.encode(salt), Hex.encode(iv), Hex.encode(message)));
  }

  /// @throws KeystoreException when the passphrase is wrong or the file was changed
  public Ed25519Key open(String passphrase) {
    try {
      byte[] derived =
          Scrypt.derive(
              bytes(passphrase), Hex.decode(sealed.salt), sealed.n, sealed.r, sealed.p, KEY_BYTES);
      byte[] seed =
          AesGcm.open(
              derived, Hex.decode(sealed.iv), Hex.decode(publicKey), Hex.decode(sealed.message));
      Ed25519Key key = Ed25519Key.fromSeed(seed);
      if (!Hex.encode(key.publicKey()).equals(publicKey)) {
        throw new KeystoreException("the key file names another public key than it holds");
      }
      return key;
    } catch (CryptoException e) {
      throw new KeystoreException("the passphrase is wrong, or the key file was changed");
    } catch (RuntimeException e) {
      if (e instanceof KeystoreException) {
        throw e;
      }
      throw new KeystoreException("the key file is damaged: " + e.getMessage());
    }
  }

  /// EIP-2335: NFKD, control characters stripped.
  private static byte[] bytes(String passphrase) {
    String plain = Normalizer.normalize(passphrase, Normalizer.Form.NFKD);
    return plain.replaceAll("\\p{Cntrl}", "").getBytes(StandardCharsets.UTF_8);
  }

  /// Writes the file, mode 0600; never over an existing one.
  public void write(Path file) throws IOException {
    SecretFile.create(file, toJson().getBytes(StandardCharsets.UTF_8));
  }

  public String toJson() {
    JsonObject json =
        JSON.createObjectBuilder()
            .add(
                "crypto",
                JSON.createObjectBuilder()
                    .add(
                        "kdf",
                        JSON.createObjectBuilder()
                            .add("function", "scrypt")
                            .add(
                                "params",
                                JSON.createObjectBuilder()
                                    .add("dklen", KEY_BYTES)
                                    .add("n", sealed.n)
                                    .add("r", sealed.r)
                                    .add("p", sealed.p)
                                    .add("salt", sealed.salt))
                            .add("message", ""))
                    .add(
                        "cipher",
                        JSON.createObjectBuilder()
                            .add("function", CIPHER)
                            .add("params", JSON.createObjectBuilder().add("iv", sealed.iv))
                            .add("message", sealed.message)))
            .add("description", description)
            .add("pubkey", publicKey)
            .add("uuid", uuid)
            .add("version", 1)
            .build();
    var out = new StringWriter();
    var config = Map.of(JsonGenerator.PRETTY_PRINTING, true);
    try (var writer = JSON.createWriterFactory(config).createWriter(out)) {
      writer.write(json);
    }
    return out.toString().strip() + "\n";
  }

  /// Reads a file without opening the key in it.
  ///
  /// @throws KeystoreException when there is none or it is no key file
  public static Keystore read(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new KeystoreException(file + " is no key file: it is too long");
      }
      return parse(file.toString(), Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new KeystoreException("there is no key file " + file);
    } catch (IOException e) {
      throw new KeystoreException("cannot read the key file " + file + ": " + e.getMessage());
    }
  }

  /// @param name what to call it in messages
  public static Keystore parse(String name, byte[] content) {
    try (JsonReader reader = JSON.createReader(new ByteArrayInputStream(content))) {
      JsonObject json = reader.readObject();
      JsonObject crypto = json.getJsonObject("crypto");
      JsonObject kdf = crypto.getJsonObject("kdf");
      JsonObject params = kdf.getJsonObject("params");
      JsonObject cipher = crypto.getJsonObject("cipher");
      if (!kdf.getString("function").equals("scrypt")
          || !cipher.getString("function").equals(CIPHER)
          || params.getInt("dklen") != KEY_BYTES) {
        throw new KeystoreException(name + " uses a cipher that this version does not know");
      }
      Sealed sealed =
          new Sealed(
              params.getInt("n"),
              params.getInt("r"),
              params.getInt("p"),
              params.getString("salt"),
              cipher.getJsonObject("params").getString("iv"),
              cipher.getString("message"));
      JsonValue description = json.getOrDefault("description", JsonValue.NULL);
      return new Keystore(
          description instanceof JsonString text ? text.getString() : "",
          json.getString("pubkey"),
          json.getString("uuid", ""),
          sealed);
    } catch (RuntimeException e) {
      throw e instanceof KeystoreException
          ? e
          : new KeystoreException(name + " is no Cairn key file");
    }
  }
}
