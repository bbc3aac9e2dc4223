package dev.cairn.crypto;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import java.util.stream.Stream;
import org.conscrypt.Conscrypt;

/// Which implementation serves which primitive. Nothing is registered with the JVM: every use names
/// its provider, so that an application around Cairn keeps its own choice.
///
/// Measured on one core, JDK 25: Ed25519 verify 29 us from Corretto (JDK 430), X25519 25 us from
/// Conscrypt (JDK 108). ChaCha20-Poly1305 is the JDK's where the processor has the instructions
/// that its Poly1305 needs (3.7 GB/s); where it has not, the JDK falls to 0.38 GB/s and Conscrypt
/// does 1.7 GB/s. The answers are the same.
public final class Providers {

  private Providers() {}

  /// One line for the log at start: the implementation in use for each primitive that has a choice.
  public static String describe() {
    return "Ed25519: "
        + named(ed25519())
        + ", X25519: "
        + named(x25519())
        + ", ChaCha20-Poly1305: "
        + chaChaPoly().map(Providers::named).orElse("JDK")
        + ", secp256k1: "
        + corretto().map(Providers::named).orElse("none");
  }

  private static String named(Provider provider) {
    return provider.getName() + " " + provider.getVersionStr();
  }

  /// For Ed25519: Corretto, else the JDK's.
  static Provider ed25519() {
    return corretto().orElse(sunEc());
  }

  /// For X25519: Conscrypt, else the JDK's.
  static Provider x25519() {
    return conscrypt().orElse(sunEc());
  }

  /// For ChaCha20-Poly1305: Conscrypt, or nothing when the JDK's is faster or the only one.
  static Optional<Provider> chaChaPoly() {
    return jdkPoly1305IsFast() ? Optional.empty() : conscrypt();
  }

  static Optional<Provider> corretto() {
    return Corretto.FOUND;
  }

  static Optional<Provider> conscrypt() {
    return Native.FOUND;
  }

  static Provider sunEc() {
    Provider provider = Security.getProvider("SunEC");
    if (provider == null) {
      throw new CryptoException("this Java runtime lacks SunEC (module jdk.crypto.ec)");
    }
    return provider;
  }

  /// HotSpot has a Poly1305 intrinsic on AArch64, and on x86-64 only with the IFMA instructions.
  private static boolean jdkPoly1305IsFast() {
    if (System.getProperty("os.arch", "").equals("aarch64")) {
      return true;
    }
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .limit(1)
          .anyMatch(line -> line.contains(" avx512ifma") || line.contains(" avx_ifma"));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /// Loaded on first use: a command that verifies nothing pays nothing.
  private static final class Corretto {

    private static final String LIBRARY = "amazonCorrettoCryptoProvider";
    private static final String PREFIX = "com.amazon.corretto.crypto.provider.";

    static final Optional<Provider> FOUND = find();

    private static Optional<Provider> find() {
      try {
        // Its key factory for Ed25519 is left out unless asked for; without it every key is parsed
        // twice. Both properties are read once, when the provider's class is loaded.
        System.setProperty(PREFIX + "registerEdKeyFactory", "true");
        String entry = (PREFIX + "x").replace('.', '/').replaceAll("x$", "");
        if (NativeCache.place(
            AmazonCorrettoCryptoProvider.class, entry + System.mapLibraryName(LIBRARY), LIBRARY)) {
          System.setProperty(PREFIX + "useExternalLib", "true");
        }
        AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
        // An application that loaded it first may have done so without the key factory.
        boolean usable =
            provider.getLoadingError() == null
                && provider.getService("KeyFactory", "EdDSA") != null;
        return usable ? Optional.of(provider) : Optional.empty();
      } catch (LinkageError | RuntimeException e) {
        return Optional.empty();
      }
    }
  }

  private static final class Native {

    static final Optional<Provider> FOUND = find();

    private static Optional<Provider> find() {
      try {
        // It unpacks itself in every process and deletes the copy once loaded; in the cache folder
        // a
        // copy left by a process killed in between is at least in a place where it is expected.
        NativeCache.folder()
            .ifPresent(f -> System.setProperty("org.conscrypt.native.workdir", f.toString()));
        return Conscrypt.isAvailable()
            ? Optional.of(Conscrypt.newProviderBuilder().provideTrustManager(false).build())
            : Optional.empty();
      } catch (LinkageError | RuntimeException e) {
        return Optional.empty();
      }
    }
  }
}
