/** Runs another class's main, and ends at once when stdin closes: a killed parent leaves no JVM behind. */
public class EndsWithParent {
  public static void main(String[] arguments) throws Exception {
    var watch = new Thread(EndsWithParent::haltAtEndOfStdin, "ends-with-parent");
    watch.setDaemon(true);
    watch.start();
    var rest = java.util.Arrays.copyOfRange(arguments, 1, arguments.length);
    Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
  }

  private static void haltAtEndOfStdin() {
    try {
      while (System.in.read() != -1) {}
    } catch (java.io.IOException closed) {
      // the same as its end
    }
    Runtime.getRuntime().halt(0);
  }
}
