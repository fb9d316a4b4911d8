import java.lang.reflect.Field;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.txn.TxnDbUtil;
import org.apache.hadoop.hive.metastore.txn.TxnUtils;
import org.apache.hive.service.CompositeService;
import org.apache.hive.service.Service;
import org.apache.hive.service.cli.CLIService;
import org.apache.hive.service.cli.thrift.ThriftHttpCLIService;
import org.apache.hive.service.server.HiveServer2;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.hive.thriftserver.HiveThriftServer2;
import org.apache.spark.sql.hive.thriftserver.HiveThriftServer2$;
import org.apache.spark.sql.hive.thriftserver.SparkSQLEnv;
import org.sparkproject.jetty.server.Connector;
import org.sparkproject.jetty.server.ServerConnector;

/**
 * Spark's Thrift server over HTTP, on loopback and a port of the system's choice.
 * Spark never hands hive.server2.thrift.bind.host on in HTTP mode: its own launcher listens on every interface.
 * Prints `READY <port>` on stdout once a statement has run.
 */
public class LoopbackThriftServer {
  private static final String HADOOP_PREFIX = "spark.hadoop.";

  public static void main(String[] arguments) throws Exception {
    SparkSQLEnv.init();
    HiveConf conf = hiveConf();
    // Iceberg's HiveCatalog takes its commit lock from the metastore's transaction tables; nothing else creates them.
    try {
      TxnDbUtil.prepDb(conf);
    } catch (SQLException e) {
      if (!"X0Y32".equals(e.getSQLState())) throw e;
      // They exist: a restart.
      TxnDbUtil.cleanDb(conf);
      TxnDbUtil.prepDb(conf);
    }
    expireLocks(conf);
    var server = new HiveThriftServer2(SparkSQLEnv.sqlContext());
    createListener(server);
    server.init(conf);
    LoopbackHttp http = moveToLoopback(server, conf);
    server.start();
    SparkSQLEnv.sqlContext().sql("SELECT 1").collect(); // so that the first client does not pay for it
    System.out.println("READY " + http.port());
    System.out.flush();
  }

  /** What a commit has locked that was cancelled or killed: a metastore of its own has a service that sees to it. */
  private static void expireLocks(HiveConf conf) {
    var store = TxnUtils.getTxnStore(conf);
    var timer = Executors.newSingleThreadScheduledExecutor(
        task -> {
          var thread = new Thread(task, "expire-locks");
          thread.setDaemon(true);
          return thread;
        });
    timer.scheduleWithFixedDelay(store::performTimeOuts, 5, 5, TimeUnit.SECONDS);
  }

  private static HiveConf hiveConf() {
    var conf = new HiveConf(HiveServer2.class);
    for (var entry : SparkSQLEnv.sparkContext().getConf().getAll()) {
      if (entry._1().startsWith(HADOOP_PREFIX)) conf.set(entry._1().substring(HADOOP_PREFIX.length()), entry._2());
    }
    return conf;
  }

  /** Private in Spark, but sessions fail without the listener that it sets. */
  private static void createListener(HiveThriftServer2 server) throws ReflectiveOperationException {
    var method = HiveThriftServer2$.class.getDeclaredMethod("createListenerAndUI", HiveThriftServer2.class, SparkContext.class);
    method.setAccessible(true);
    method.invoke(HiveThriftServer2$.MODULE$, server, SparkSQLEnv.sparkContext());
  }

  /** To be called between init() and start(). HiveThriftServer2 can't be subclassed: it sets fields of its superclass by reflection. */
  @SuppressWarnings("unchecked")
  private static LoopbackHttp moveToLoopback(HiveThriftServer2 server, HiveConf conf) throws ReflectiveOperationException {
    Field field = CompositeService.class.getDeclaredField("serviceList");
    field.setAccessible(true);
    var services = (List<Service>) field.get(server);
    CLIService cli = null;
    for (Service service : services) if (service instanceof CLIService found) cli = found;
    for (int i = 0; i < services.size(); i++) {
      if (!(services.get(i) instanceof ThriftHttpCLIService)) continue;
      var http = new LoopbackHttp(cli);
      http.init(conf);
      services.set(i, http);
      return http;
    }
    throw new IllegalStateException("hive.server2.transport.mode is not http");
  }

  private static class LoopbackHttp extends ThriftHttpCLIService {
    LoopbackHttp(CLIService cli) {
      super(cli);
    }

    int port() {
      return ((ServerConnector) httpServer.getConnectors()[0]).getLocalPort();
    }

    /** The superclass starts its connector on every interface, here on a random port for a few ms: it is moved at once. */
    @Override
    protected void initializeServer() {
      super.initializeServer();
      try {
        for (Connector connector : httpServer.getConnectors()) {
          connector.stop();
          ((ServerConnector) connector).setHost("127.0.0.1");
          connector.start();
        }
      } catch (Exception e) {
        throw new RuntimeException(e);
      }
    }
  }
}
