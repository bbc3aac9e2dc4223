import org.jspecify.annotations.NullMarked;

/// One facade for each cryptographic primitive; the only module that names a provider.
@NullMarked
module dev.cairn.crypto {
  requires static org.jspecify;
  requires com.amazon.corretto.crypto.provider;
  requires org.conscrypt;

  exports dev.cairn.crypto;
}
