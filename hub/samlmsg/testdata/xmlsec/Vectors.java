// Makes signed SAML messages with the JDK's own XML Signature implementation, as test data that this package's code had no
// part in; and checks messages that this package wrote. Run: java Vectors.java DIR   or   java Vectors.java check FILE CERT
import java.io.*;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.cert.*;
import java.security.spec.*;
import java.util.*;
import javax.xml.crypto.dsig.*;
import javax.xml.crypto.dsig.dom.*;
import javax.xml.crypto.dsig.keyinfo.*;
import javax.xml.crypto.dsig.spec.*;
import javax.xml.parsers.*;
import javax.xml.transform.*;
import javax.xml.transform.dom.*;
import javax.xml.transform.stream.*;
import org.w3c.dom.*;

public class Vectors {
  static final String EXC = "http://www.w3.org/2001/10/xml-exc-c14n#";
  static Document read(byte[] b) throws Exception {
    DocumentBuilderFactory f = DocumentBuilderFactory.newInstance();
    f.setNamespaceAware(true);
    return f.newDocumentBuilder().parse(new ByteArrayInputStream(b));
  }
  static void ids(Element e) {
    if (e.hasAttribute("ID")) e.setIdAttribute("ID", true);
    for (Node n = e.getFirstChild(); n != null; n = n.getNextSibling()) if (n instanceof Element) ids((Element) n);
  }
  static void sign(Element e, Node before, PrivateKey key, String alg, String digest, List<String> prefixes) throws Exception {
    XMLSignatureFactory f = XMLSignatureFactory.getInstance("DOM");
    Transform exc = prefixes == null ? f.newTransform(EXC, (TransformParameterSpec) null)
        : f.newTransform(EXC, new ExcC14NParameterSpec(prefixes));
    Reference ref = f.newReference("#" + e.getAttribute("ID"), f.newDigestMethod(digest, null),
        Arrays.asList(f.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null), exc), null, null);
    SignedInfo si = f.newSignedInfo(f.newCanonicalizationMethod(EXC, (C14NMethodParameterSpec) null),
        f.newSignatureMethod(alg, null), Collections.singletonList(ref));
    DOMSignContext ctx = new DOMSignContext(key, e, before);
    ctx.setDefaultNamespacePrefix("ds");
    ids(e.getOwnerDocument().getDocumentElement());
    f.newXMLSignature(si, null).sign(ctx);
  }
  static String text(Document d) throws Exception {
    StringWriter w = new StringWriter();
    javax.xml.transform.Transformer t = TransformerFactory.newInstance().newTransformer();
    t.transform(new DOMSource(d), new StreamResult(w));
    return w.toString();
  }
  static String pem(PublicKey k) {
    return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder(64, "\n".getBytes()).encodeToString(k.getEncoded()) + "\n-----END PUBLIC KEY-----\n";
  }
  public static void main(String[] a) throws Exception {
    if (a[0].equals("check")) {
      Document d = read(Files.readAllBytes(Paths.get(a[1])));
      ids(d.getDocumentElement());
      PublicKey key = CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(a[2])).getPublicKey();
      NodeList l = d.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
      boolean all = l.getLength() > 0;
      for (int i = 0; i < l.getLength(); i++) {
        DOMValidateContext ctx = new DOMValidateContext(key, l.item(i));
        boolean ok = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(ctx).validate(ctx);
        System.out.println("signature " + i + ": " + ok);
        all &= ok;
      }
      System.exit(all ? 0 : 1);
    }
    String more = "http://www.w3.org/2001/04/xmldsig-more#";
    String sha256 = DigestMethod.SHA256, sha512 = DigestMethod.SHA512;
    String[][] cases = {
      {"rsa-sha256", "RSA", "2048", more + "rsa-sha256", sha256},
      {"rsa-sha512", "RSA", "3072", more + "rsa-sha512", sha512},
      {"ecdsa-p256-sha256", "EC", "secp256r1", more + "ecdsa-sha256", sha256},
      {"ecdsa-p384-sha384", "EC", "secp384r1", more + "ecdsa-sha384", more + "sha384"},
      {"ecdsa-p521-sha512", "EC", "secp521r1", more + "ecdsa-sha512", sha512},
      {"rsa-sha1", "RSA", "2048", XMLSignature.XMLNS + "rsa-sha1", DigestMethod.SHA1},
    };
    String template = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    for (String[] c : cases) {
      KeyPairGenerator g = KeyPairGenerator.getInstance(c[1]);
      if (c[1].equals("EC")) g.initialize(new ECGenParameterSpec(c[2])); else g.initialize(Integer.parseInt(c[2]));
      KeyPair kp = g.generateKeyPair();
      Document d = read(template.getBytes(StandardCharsets.UTF_8));
      Element root = d.getDocumentElement();
      Element assertion = (Element) d.getElementsByTagNameNS("urn:oasis:names:tc:SAML:2.0:assertion", "Assertion").item(0);
      Node subject = d.getElementsByTagNameNS("urn:oasis:names:tc:SAML:2.0:assertion", "Subject").item(0);
      Node status = d.getElementsByTagNameNS("urn:oasis:names:tc:SAML:2.0:protocol", "Status").item(0);
      sign(assertion, subject, kp.getPrivate(), c[3], c[4], Arrays.asList("xs", "xsi"));
      sign(root, status, kp.getPrivate(), c[3], c[4], null);
      Files.writeString(Paths.get(a[0], c[0] + ".xml"), text(d));
      Files.writeString(Paths.get(a[0], c[0] + ".pem"), pem(kp.getPublic()));
    }
  }
}
